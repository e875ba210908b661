/* Day or night, the size of text, and whether timers show, as chosen on this device: kept in local storage alone, put on <html> before
   the first paint. No module, because modules run after it; pages choose through appearance.js.

   <html data-theme="jour|nuit">                absent: as the system has it
   <html data-text-size="115|130|150">          absent: 100 %
   <html data-timer="hidden">                   absent: as the room has it
   event "appearance-chosen" on document        detail {theme, textSize, timer}, any may be left out, "" goes back to the default
   event "appearance-changed" on document       after it is applied, also when another tab has chosen */
(() => {
  const CHOICES = {
    theme: { key: "atelier.theme", values: ["jour", "nuit"] },
    textSize: { key: "atelier.textSize", values: ["115", "130", "150"] },
    timer: { key: "atelier.timer", values: ["hidden"] },
  };
  const GROUNDS = { jour: "#EFECE4", nuit: "#10131D" }; // --fond of tokens.css, for the browser's own bars

  const root = document.documentElement.dataset;
  const bars = [...document.querySelectorAll('meta[name="theme-color"]')].map((meta) => ({ meta, ground: meta.content }));

  function apply(name, value) {
    if (CHOICES[name].values.includes(value)) root[name] = value;
    else delete root[name];
    for (const { meta, ground } of bars) meta.content = GROUNDS[root.theme] ?? ground;
  }

  function remember(name) {
    const { key } = CHOICES[name];
    try {
      if (root[name]) localStorage.setItem(key, root[name]);
      else localStorage.removeItem(key);
    } catch { /* it holds for this page */ }
  }

  function recall() {
    for (const [name, { key }] of Object.entries(CHOICES)) {
      try { apply(name, localStorage.getItem(key)); } catch { return; }
    }
  }

  const tell = () => document.dispatchEvent(new CustomEvent("appearance-changed"));

  document.addEventListener("appearance-chosen", ({ detail }) => {
    for (const [name, value] of Object.entries(detail)) {
      apply(name, value);
      remember(name);
    }
    tell();
  });
  addEventListener("storage", ({ key }) => {
    if (key !== null && !Object.values(CHOICES).some((choice) => choice.key === key)) return;
    recall();
    tell();
  });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) recall(); });

  recall();
})();
