"use strict";
document.documentElement.classList.add("script");

const articles = [...document.querySelectorAll(".article")];
const texts = articles.map((article) => article.textContent.toLowerCase());
const shown = document.getElementById("shown");

document.getElementById("search").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  articles.forEach((article, index) => {
    article.hidden = !words.every((word) => texts[index].includes(word));
    count += article.hidden ? 0 : 1;
  });
  shown.textContent = words.length ? `${count} of ${articles.length} articles` : "";
});

document.getElementById("rules").addEventListener("change", (event) => {
  document.documentElement.classList.toggle("why", event.target.checked);
});

function openTarget() {
  const target = location.hash.startsWith("#article-") && document.querySelector(location.hash);
  if (target) {
    target.hidden = false;
    target.open = true;
    target.scrollIntoView();
  }
}
window.addEventListener("hashchange", openTarget);
openTarget();

function sortBy(table, column, head) {
  const ascending = head.getAttribute("aria-sort") !== "ascending";
  table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  const number = (text) => parseFloat(text.replace(/[^\d.+-]/g, ""));
  const rows = [...table.tBodies[0].rows].map((row) => [row.cells[column].textContent, row]);
  const numeric = rows.every(([text]) => !text || !Number.isNaN(number(text)));
  const compare = numeric
    ? ([a], [b]) => (number(a) || 0) - (number(b) || 0)
    : ([a], [b]) => a.localeCompare(b);
  rows.sort(compare);
  if (!ascending) rows.reverse();
  table.tBodies[0].append(...rows.map(([, row]) => row));
}

document.querySelectorAll("table.sortable").forEach((table) => {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sortBy(table, column, head));
    head.replaceChildren(button);
  });
});

document.querySelectorAll(".wide").forEach((box) => {
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", box.querySelector("caption").textContent);
});
