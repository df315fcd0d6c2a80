/**
 * The nonce that the content security policy lets style elements carry. Whoever serves the page (electron, nagare serve)
 * writes it into `<meta property="csp-nonce" nonce="...">`, where React Aria and vite look for it too.
 */

export function cspNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
