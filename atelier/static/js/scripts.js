// The library of scripts: weights of the balance bars, and a file that becomes the text to import.
import { pose } from "./pose.js";

pose();

const text = document.getElementById("yaml");
document.getElementById("fichier").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (file) text.value = await file.text();
});
document.getElementById("faults")?.focus();
