/** Names and values from files may be of any length; an error message shows their beginning. */
export function shorten(text: string, length = 80): string {
  const characters = [...text.slice(0, 2 * length + 2)]
  return characters.length > length ? `${characters.slice(0, length).join('')}…` : text
}
