/** Parts of the page that are loaded when they are first shown. Given to all components by `main.tsx`. */
import type { LateParts } from "./ui/context.ts";
import { lazy } from "./ui/lazy.tsx";

export const LATE_PARTS: LateParts = {
  DataRoom: lazy(async () => (await import("./data/data-room.tsx")).DataRoom),
  AddingSteps: lazy(async () => (await import("./adding/steps.tsx")).Steps),
  ChoosePassword: lazy(async () => (await import("./ui/password-forms.tsx")).ChoosePassword),
  ChangePassword: lazy(async () => (await import("./ui/password-forms.tsx")).ChangePassword),
  SettingsRoom: lazy(async () => (await import("./ui/settings-room.tsx")).SettingsRoom),
  DeviceToken: lazy(async () => (await import("./ui/device-token.tsx")).DeviceToken),
  TerminalView: lazy(async () => (await import("./terminal/xterm-view.tsx")).XtermView),
};
