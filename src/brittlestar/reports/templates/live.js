// Each figure stands in the page as SVG; where scripts run, it is replaced by the same figure with tooltips.
for (const source of document.querySelectorAll('script[type="application/json"][data-plot]')) {
  const plot = document.getElementById(source.dataset.plot);
  const label = plot.querySelector("svg").getAttribute("aria-label");
  const stage = document.createElement("div");
  window.vegaEmbed(stage, JSON.parse(source.textContent), { renderer: "svg", actions: false, mode: "vega-lite" }).then(() => {
    const drawn = stage.querySelector("svg");
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", label);
    plot.replaceChildren(stage);
  }).catch(() => undefined);
}
