// The validator badge would call a remote service. Collapsed, the page has room for a list of all tags.
SwaggerUIBundle({ url: "/openapi.yaml", dom_id: "#docs", deepLinking: true, validatorUrl: null, docExpansion: "none", filter: true });
