/** Debian's own proxies in front of a hub, with the very configurations that `docs/operations.md` shows. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { ROOT } from "./sources.ts";

export interface ProxyParts {
  /** For its files. */
  readonly folder: string;
  readonly port: number;
  readonly hubPort: number;
  readonly cert: string;
  readonly key: string;
}

export interface ProxyKit {
  readonly name: string;
  readonly isThere: boolean;
  /** Resolves when it takes connections; the result ends it. */
  start(parts: ProxyParts): Promise<() => Promise<void>>;
}

const NGINX = "/usr/sbin/nginx";
const CADDY = "/usr/bin/caddy";

export const PROXIES: readonly ProxyKit[] = [
  {
    name: "nginx",
    isThere: existsSync(NGINX),
    start({ folder, port, hubPort, cert, key }) {
      const server = documented("nginx")
        .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
        .replace("pharos.example", "localhost")
        .replace("/etc/ssl/pharos.pem", cert)
        .replace("/etc/ssl/pharos.key", key)
        .replace("127.0.0.1:5000", `127.0.0.1:${hubPort}`);
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join(" ");
      const file = join(folder, "nginx.conf");
      writeFileSync(
        file,
        `daemon off; pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${temporary} ${server} }`,
      );
      return run(NGINX, ["-c", file, "-p", folder], port);
    },
  },
  {
    name: "Caddy",
    isThere: existsSync(CADDY),
    start({ folder, port, hubPort, cert, key }) {
      const site = documented("caddy")
        .replace("pharos.example {", `https://localhost:${port} {\n\tbind 127.0.0.1\n\ttls ${cert} ${key}`)
        .replace("127.0.0.1:5000", `127.0.0.1:${hubPort}`);
      const file = join(folder, "Caddyfile");
      writeFileSync(file, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
      const env = { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
      return run(CADDY, ["run", "--config", file, "--adapter", "caddyfile"], port, env);
    },
  },
];

/** The one block of this language. */
function documented(language: string): string {
  const text = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
  const block = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
  if (block === undefined) throw new Error(`docs/operations.md shows no ${language}`);
  return block;
}

async function run(command: string, args: string[], port: number, env = {}): Promise<() => Promise<void>> {
  const child: ChildProcess = spawn(command, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  let said = "";
  child.stderr?.on("data", (text) => {
    said += String(text);
  });
  const isUp = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${said}`);
    const socket = connect(port, "127.0.0.1");
    return Promise.race([once(socket, "connect").then(() => true), once(socket, "error").then(() => false)])
      .catch(() => false)
      .finally(() => socket.destroy());
  };
  await eventually(isUp, 15_000);
  return async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
}
