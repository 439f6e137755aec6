/** As much of the Socket.IO 2 client as the tests use; it brings no types. */
declare module "socket.io-client-2" {
  interface OldSocket {
    readonly connected: boolean;
    on(event: string, listener: (data: unknown) => void): OldSocket;
    emit(event: string, ...args: unknown[]): OldSocket;
    close(): OldSocket;
  }
  export default function open(url: string, options?: object): OldSocket;
}
