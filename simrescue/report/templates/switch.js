"use strict";
(() => {
  const articles = [...document.querySelectorAll("article[data-lang]")];
  const labels = [...document.querySelectorAll("span[data-lang]")];
  const buttons = [...document.querySelectorAll("button[data-lang]")];
  const show = (lang) => {
    for (const one of [...articles, ...labels]) one.hidden = one.dataset.lang !== lang;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.lang === lang));
    document.documentElement.lang = articles.find((one) => !one.hidden).lang;
  };
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  const whole = document.querySelector("button[data-whole]");
  const all = (open) => { for (const one of document.querySelectorAll("details")) one.open = open; };
  if (whole) whole.addEventListener("click", () => {
    const open = whole.getAttribute("aria-pressed") !== "true";
    whole.setAttribute("aria-pressed", String(open));
    all(open);
  });
  for (const one of buttons) one.addEventListener("click", () => show(one.dataset.lang));
  const bar = document.querySelector("header.bar");
  if (bar) bar.hidden = false;
  const written = navigator.languages.map((one) => one.slice(0, 2).toLowerCase());
  const first = written.map((lang) => articles.find((one) => one.dataset.lang === lang)).find((one) => one);
  show((first || articles[0]).dataset.lang);
  if (location.hash === "#whole") all(true);
  unfold();
})();
