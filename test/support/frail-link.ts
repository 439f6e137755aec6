/** A TCP link between a device and the hub that a test breaks: first what the device says is lost on its way, then both ends break. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export class FrailLink {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #losesWords = false;
  #isDown = false;

  /**
   * @param to the port behind it
   * @param deviceCalls else it is the hub that calls, and the device is behind it
   */
  private constructor(to: number, deviceCalls: boolean) {
    this.#server = createServer((caller) => {
      if (this.#isDown) return void caller.destroy();
      const callee = connect(to, "127.0.0.1");
      this.#join(caller, callee, deviceCalls);
      this.#join(callee, caller, !deviceCalls);
    });
  }

  static async start(to: number, deviceCalls = true): Promise<FrailLink> {
    const link = new FrailLink(to, deviceCalls);
    await new Promise<void>((resolve) => link.#server.listen(0, "127.0.0.1", resolve));
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on the hub hears nothing of the device and does not know it; the device still hears the hub. */
  loseWords(): void {
    this.#losesWords = true;
  }

  /** Nothing gets through any more; whoever calls meanwhile is turned away. */
  break(): void {
    this.#isDown = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isDown = false;
    this.#losesWords = false;
  }

  async close(): Promise<void> {
    this.break();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(from: Socket, to: Socket, isDevice: boolean): void {
    this.#sockets.add(from);
    from.on("data", (data) => {
      if (!(isDevice && this.#losesWords)) to.write(data);
    });
    from.on("error", () => {});
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
