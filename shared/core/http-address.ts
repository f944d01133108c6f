/** Whether a text is an absolute address of HTTP or HTTPS with a host, such as a gateway's. */
export function isHttpAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]/.test(text) && URL.canParse(text);
}
