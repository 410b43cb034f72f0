/** The skip link moves the focus itself: Blazor takes the browser's own way of following it, which does that, for one of its own. */
export function watchSkipLink(): void {
  document.addEventListener(
    "click",
    (event) => {
      if (event.target instanceof Element && event.target.closest("a.skip")) {
        event.preventDefault();
        event.stopPropagation();
        document.getElementById("content")?.focus();
      }
    },
    { capture: true },
  );
}
