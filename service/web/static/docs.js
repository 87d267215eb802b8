// The validator badge would call a remote service.
const description = document.querySelector("link[rel=service-desc]").href;
SwaggerUIBundle({ url: description, dom_id: "#docs", deepLinking: true, validatorUrl: null });
