// Links to operations that were made when the console was at this address.
if (location.hash.startsWith("#/")) location.replace(document.currentScript.dataset.console + location.hash);
