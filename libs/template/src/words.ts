/** Go's strings.Title: the first letter of every word in capitals, the others as they are. */
export function title(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}_'])\p{L}/gu, (letter) => letter.toUpperCase());
}
