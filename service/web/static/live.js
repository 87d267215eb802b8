// Forms and links that the templates mark change the page in place, by htmx. Without scripts they load a page.
const said = document.getElementById("said");

document.addEventListener("change", ({ target }) => {
  if (target.matches("form[data-hx-boost] select")) target.form.requestSubmit();
});

document.addEventListener("htmx:after:swap", () => {
  const heading = document.querySelector("main section > h2") ?? document.querySelector("h1");
  said.textContent = heading.textContent;
  // The link that was followed is gone: go on at what it led to.
  if (document.activeElement === document.body) {
    heading.tabIndex = -1;
    heading.focus();
  }
});

// An answer that is no page, or none at all, is shown as the browser shows it.
function leave({ sourceElement, request }) {
  if (sourceElement.matches("form")) sourceElement.submit();
  else location.assign(request.action);
}

document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.headers.get("Content-Type")?.startsWith("text/html")) return;
  event.preventDefault();
  leave(ctx);
});

document.addEventListener("htmx:error", ({ detail }) => detail.ctx && leave(detail.ctx));
