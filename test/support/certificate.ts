/** A certificate for localhost that nobody signed, made by OpenSSL. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** @param folder that takes both files */
export function makeCertificate(folder: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  args.push("-subj", "/CN=localhost", "-addext", names, "-keyout", key, "-out", cert);
  const { status, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  return { cert, key };
}
