// The flash is a file in the working folder.
#pragma once
#include "Arduino.h"

class Preferences {
 public:
  bool begin(const char *, bool) { return true; }
  void end() {}
  String getString(const char *, const char *otherwise) {
    char text[256] = "";
    FILE *file = fopen("preferences-token", "r");
    if (!file) return otherwise;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    return text;
  }
  size_t putString(const char *, const char *text) {
    FILE *file = fopen("preferences-token", "w");
    if (!file) return 0;
    fputs(text, file);
    fclose(file);
    return strlen(text);
  }
};
