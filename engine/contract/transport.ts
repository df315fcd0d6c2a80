/** Send, receive, close: all that a transport has to offer. Messages are structured-clonable values; typed arrays stay typed arrays. */

export interface Transport {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
