/** Versions of the kernel, as `uname -r` says them. Pure; used by the kernel driver and the doctor. */

/** The overlay `pwm-gpio` came with this kernel of Raspberry Pi OS. */
export const OVERLAY_SINCE = [6, 6, 62] as const;

/** Whether Raspberry Pi OS has the overlay with this kernel. */
export function isOverlayInKernel(release: string): boolean {
  const [, ...parts] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(release) ?? [];
  for (const [i, least] of OVERLAY_SINCE.entries()) {
    const part = Number(parts[i] ?? 0);
    if (part !== least) return part > least;
  }
  return true;
}
