// Swagger UI shows no parameters that a path has for all of its operations, if they are references: give each its own.
async function show() {
  const description = document.querySelector("link[rel=service-desc]").href;
  const spec = await (await fetch(description)).json();
  for (const { parameters = [], ...operations } of Object.values(spec.paths)) {
    for (const operation of Object.values(operations)) {
      operation.parameters = [...parameters, ...(operation.parameters ?? [])];
    }
  }
  // The validator badge would call a remote service. Collapsed, the page has room for a list of all tags.
  SwaggerUIBundle({ spec, dom_id: "#docs", deepLinking: true, validatorUrl: null, docExpansion: "none", filter: true });
}

show();
