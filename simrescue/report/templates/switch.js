"use strict";
(() => {
  const articles = [...document.querySelectorAll("article[data-lang]")];
  const buttons = [...document.querySelectorAll("button[data-lang]")];
  const show = (lang) => {
    for (const one of articles) one.hidden = one.dataset.lang !== lang;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.lang === lang));
    document.documentElement.lang = articles.find((one) => !one.hidden).lang;
  };
  for (const one of buttons) one.addEventListener("click", () => show(one.dataset.lang));
  document.querySelector("header.bar").hidden = false;
  const written = navigator.languages.map((one) => one.slice(0, 2).toLowerCase());
  const first = written.map((lang) => articles.find((one) => one.dataset.lang === lang)).find((one) => one);
  show((first || articles[0]).dataset.lang);
})();
