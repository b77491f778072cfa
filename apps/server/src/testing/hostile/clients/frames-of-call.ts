/** Where a frame of tRPC over WebSocket begins in the bytes of a socket. Inside of JSON text its quotes are escaped. */
const BEGIN = /(?=\{"id":(?:\d+|null),"(?:result|error)")/

/**
 * Divides received text into the frames of one call, with those that name no call, and the frames of earlier calls: a subscription that
 * began long ago may end now.
 */
export function framesOfCall(id: number, received: string): { own: string; earlier: string } {
  const frames = received.split(BEGIN)
  const isEarlier = (frame: string) =>
    BEGIN.test(frame) && !frame.startsWith(`{"id":${id},`) && !frame.startsWith('{"id":null,')
  return {
    own: frames.filter((frame) => !isEarlier(frame)).join(''),
    earlier: frames.filter(isEarlier).join(''),
  }
}
