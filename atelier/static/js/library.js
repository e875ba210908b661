// The library of concept cards: found by their words.
import { sift } from "./sifting.js";

const search = document.getElementById("concept-search");
const items = () => document.querySelectorAll("[data-sift] > li");

search.addEventListener("input", () => sift(items(), search, document.getElementById("concepts-found")));
