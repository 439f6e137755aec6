import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { codeOf, createSysfs, readValue, whyNotWritable, writeValue } from "../../../pi-agent/drivers/sysfs.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();

function tree(): string {
  const root = newFolder();
  mkdirSync(join(root, "devices/pwm_gpio@15"), { recursive: true });
  mkdirSync(join(root, "class/pwm/pwmchip2"), { recursive: true });
  symlinkSync("../../../devices/pwm_gpio@15", join(root, "class/pwm/pwmchip2/device"));
  writeFileSync(join(root, "class/pwm/pwmchip2/npwm"), "1\n");
  return root;
}

function codeThrown(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return codeOf(error);
  }
  return "nothing";
}

describe("the files under /sys", () => {
  it("are listed, found and resolved from the root", () => {
    const root = tree();
    const sysfs = createSysfs(root);
    expect(sysfs.list("class/pwm")).toEqual(["pwmchip2"]);
    expect([sysfs.has("class/pwm/pwmchip2"), sysfs.has("class/pwm/pwmchip3")]).toEqual([true, false]);
    expect(sysfs.resolve("class/pwm/pwmchip2/device")).toMatch(/\/devices\/pwm_gpio@15$/);
  });

  it("are read without the end of their line, and written", () => {
    const root = tree();
    const sysfs = createSysfs(root);
    expect(readValue(sysfs, "class/pwm/pwmchip2/npwm")).toBe("1");
    writeValue(sysfs, "class/pwm/pwmchip2/npwm", "7");
    expect(readFileSync(join(root, "class/pwm/pwmchip2/npwm"), "latin1")).toBe("7\n");
  });

  it("stay open, and are read anew from their start", () => {
    const root = tree();
    const file = createSysfs(root).open("class/pwm/pwmchip2/npwm", "both");
    file.write("4");
    file.write("5");
    expect([file.read(), file.read()]).toEqual(["5", "5"]);
    file.close();
    file.close();
    expect(codeThrown(() => file.read())).toBe("EBADF");
  });

  it("fail with the code of the system", () => {
    const sysfs = createSysfs(tree());
    expect(codeThrown(() => sysfs.list("class/gpio"))).toBe("ENOENT");
    expect(codeThrown(() => sysfs.open("class/pwm/none", "read"))).toBe("ENOENT");
    expect(codeThrown(() => writeValue(sysfs, "class/pwm/none", "1"))).toBe("ENOENT");
    const file = sysfs.open("class/pwm/pwmchip2/npwm", "read");
    expect(codeThrown(() => file.write("1"))).toBe("EBADF");
    file.close();
  });

  it("are never made by opening them", () => {
    const sysfs = createSysfs(tree());
    expect(codeOf(whyNotWritable(sysfs, "class/pwm/pwmchip2/unexport"))).toBe("ENOENT");
    expect(sysfs.has("class/pwm/pwmchip2/unexport")).toBe(false);
  });

  it("are asked for writing alone where they can only be written, and are not changed by asking", () => {
    const root = tree();
    chmodSync(join(root, "class/pwm/pwmchip2/npwm"), 0o200);
    expect(whyNotWritable(createSysfs(root), "class/pwm/pwmchip2/npwm")).toBeNull();
    expect(readFileSync(join(root, "class/pwm/pwmchip2/npwm"), "latin1")).toBe("1\n");
  });
});
