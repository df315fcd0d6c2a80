/** The channels between page and main process: all there are. */

/** The page asks for its port to the host; the port comes back over the same one. */
export const PORT_CHANNEL = 'nagare:port';
/** Answered at once: the path of a file that was dropped may be opened from then on. */
export const DROP_CHANNEL = 'nagare:dropped';
/** The message that hands the port to the page (renderer/rpc/connect.ts). */
export const PAGE_PORT_MESSAGE = 'main-world-port';
