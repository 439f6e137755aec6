/** The group `gpio` and what it may touch, as on Raspberry Pi OS: for systems that have no rules of udev for it. Called by agent-service.ts. */
import type { Access } from "#base/service/product.ts";

const RULES = `# Gives the group gpio the pins, as Raspberry Pi OS does. Made by \`pharos agent install\`, since this system had no such rules.
SUBSYSTEM=="gpio", KERNEL=="gpiochip*", ACTION!="remove", GROUP="gpio", MODE="0660"
SUBSYSTEM=="gpio", ACTION!="remove", RUN+="/bin/sh -c 'chgrp -R gpio /sys/class/gpio /sys%p; chmod -R g=u /sys/class/gpio /sys%p'"
# The export of a channel is a change of its chip.
SUBSYSTEM=="pwm", ACTION!="remove", RUN+="/bin/sh -c 'chgrp -R gpio /sys%p; chmod -R g=u /sys%p'"
`;

export const GPIO_ACCESS: Access = {
  group: "gpio",
  rules: RULES,
  isGivenBy: (rules) => hasRule(rules, "gpio") && hasRule(rules, "pwm"),
};

/** Whether a rule for the subsystem names the group; Raspberry Pi OS has had `pwm*` too. */
function hasRule(rules: string, subsystem: string): boolean {
  const lines = rules.replaceAll("\\\n", " ").split("\n");
  return lines.some((line) =>
    new RegExp(`^\\s*SUBSYSTEM=="${subsystem}\\*?".*(GROUP="gpio"|:gpio|chgrp [^']*gpio)`).test(line),
  );
}
