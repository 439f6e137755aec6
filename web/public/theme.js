// Wears the chosen colours before the first paint; `model/theme.ts` keeps and changes the choice.
try {
  const theme = localStorage.getItem("pharos-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the colours are the system's.
}
