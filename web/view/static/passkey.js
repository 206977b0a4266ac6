"use strict";
// Has the machine make or show its key (Web Authentication) when the one form of the page is sent, and sends the form with the answer.
// Where no script runs, the form goes without an answer and the hub says what is missing.
const form = document.getElementById("passkey");
const needs = document.getElementById("passkey-needs");
const failed = document.getElementById("passkey-failed");
const able = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON && PublicKeyCredential.parseRequestOptionsFromJSON;
if (form && able) {
  needs.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const options = JSON.parse(form.dataset.options);
      const made = form.dataset.kind === "make" ?
        await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options)}) :
        await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)});
      form.elements.answer.value = JSON.stringify(made.toJSON());
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
