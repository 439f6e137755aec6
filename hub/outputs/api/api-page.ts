/** The REST API as a page for people, at `/api`: plain HTML from the same routes, without a script. */
import type { Route } from "./route.ts";

export function describeApiAsPage(routes: readonly Route[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pharos REST API</title>
<link rel="stylesheet" href="/api-page.css">
</head>
<body>
<main>
<h1>REST API</h1>
<p>JSON in, JSON out; errors are <code>{"error":{"code","message"}}</code>. For machines: <a href="/api/openapi.json">openapi.json</a>. Back to the <a href="/">devices</a>.</p>
${routes.map(describe).join("\n")}
</main>
</body>
</html>
`;
}

function describe({ method, path, summary, answers }: Route): string {
  const rows = Object.entries(answers).map(
    ([status, text]) => `<tr><td>${status}</td><td>${escapeHtml(text)}</td></tr>`,
  );
  return `<section>
<h2><code>${method.toUpperCase()}</code> <code>/api${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)}</p>
<table>${rows.join("")}</table>
</section>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
