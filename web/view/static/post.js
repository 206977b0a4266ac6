"use strict";
// Sends the one form of the page, once. Where no script runs, the person presses its button.
const form = document.getElementById("post");
if (form) form.submit();
