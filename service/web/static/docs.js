// The validator badge would call a remote service. Collapsed, the page has room for a list of all tags.
const description = document.querySelector("link[rel=service-desc]").href;
const options = { url: description, dom_id: "#docs", deepLinking: true, validatorUrl: null, docExpansion: "none", filter: true };
SwaggerUIBundle(options);
