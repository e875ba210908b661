// A document of the person's own choice, as Markdown, as a page of its own and as a sheet to print; all made here.
//
// A document is {title, sections: [{title, blocks: [{quote}, {text}, {list}, {heading}, {drawing}]}]}.

export const markdown = ({ title, sections }) =>
  [`# ${title}`, ...sections.flatMap((section) => [`## ${section.title}`, ...section.blocks.map(inMarkdown).filter(Boolean)])].join("\n\n") + "\n";

function inMarkdown({ quote, text, list, heading }) {
  if (quote) return quote.split("\n").map((row) => `> ${row}`).join("\n");
  if (list) return list.map((item) => `- ${item}`).join("\n");
  if (heading) return `### ${heading}`;
  return text;
}

const STYLE = "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#191e33;background:#fff}"
  + "blockquote{margin:0;color:#474d66}p{white-space:pre-line;overflow-wrap:anywhere}section{break-inside:auto;margin-top:2rem}svg{max-width:100%;height:auto}h2,h3{break-after:avoid}";

// A file that calls nothing: its own policy forbids it, whatever was written.
export const webpage = (content) => `<!doctype html>
<html lang="${document.documentElement.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escaped(content.title)}</title><style>${STYLE}</style></head>
<body>${new XMLSerializer().serializeToString(sheet(content))}</body></html>
`;

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

export function sheet({ title, sections }) {
  const main = element("main", element("h1", title));
  for (const section of sections) main.append(element("section", element("h2", section.title), ...section.blocks.map(inPage)));
  return main;
}

function inPage({ quote, text, list, heading, drawing }) {
  if (drawing) return drawing.cloneNode(true);
  if (quote) return element("blockquote", element("p", quote));
  if (list) return element("ul", ...list.map((item) => element("li", item)));
  return heading ? element("h3", heading) : element("p", text);
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}
