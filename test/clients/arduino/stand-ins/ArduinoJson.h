// The part of ArduinoJson 7 that the sketch uses, over cJSON.
#pragma once
#include <cJSON.h>

#include <cstdlib>
#include <type_traits>

#include "Arduino.h"

class JsonObject;
class JsonArray;
class JsonObjectConst;

/** A value to be read; it may be missing. */
class JsonVariantConst {
 public:
  JsonVariantConst(const cJSON *node = nullptr) : node_(node) {}
  JsonVariantConst operator[](const char *name) const { return cJSON_GetObjectItemCaseSensitive(node_, name); }
  bool isNull() const { return node_ == nullptr || cJSON_IsNull(node_); }
  template <typename T>
  bool is() const {
    if constexpr (std::is_same_v<T, const char *>) return cJSON_IsString(node_);
    else if constexpr (std::is_same_v<T, bool>) return cJSON_IsBool(node_);
    else if constexpr (std::is_floating_point_v<T>) return cJSON_IsNumber(node_);
    else if constexpr (std::is_integral_v<T>) {
      return cJSON_IsNumber(node_) && node_->valuedouble == (double)(T)node_->valuedouble;
    } else return cJSON_IsObject(node_);
  }
  template <typename T>
  T as() const {
    if constexpr (std::is_same_v<T, const char *>) return cJSON_GetStringValue(node_);
    else if constexpr (std::is_same_v<T, bool>) return cJSON_IsTrue(node_);
    else if constexpr (std::is_arithmetic_v<T>) return cJSON_IsNumber(node_) ? (T)node_->valuedouble : T{};
    else return T(node_);
  }
  const cJSON *node() const { return node_; }

 private:
  const cJSON *node_;
};

class JsonKey {
 public:
  explicit JsonKey(const char *text) : text_(text) {}
  const char *c_str() const { return text_; }

 private:
  const char *text_;
};

class JsonPairConst {
 public:
  explicit JsonPairConst(const cJSON *node) : node_(node) {}
  JsonKey key() const { return JsonKey(node_->string); }
  JsonVariantConst value() const { return node_; }

 private:
  const cJSON *node_;
};

class JsonObjectConst {
 public:
  class iterator {
   public:
    explicit iterator(const cJSON *node) : node_(node) {}
    bool operator!=(const iterator &other) const { return node_ != other.node_; }
    void operator++() { node_ = node_->next; }
    JsonPairConst operator*() const { return JsonPairConst(node_); }

   private:
    const cJSON *node_;
  };
  explicit JsonObjectConst(const cJSON *node) : node_(node) {}
  iterator begin() const { return iterator(node_ ? node_->child : nullptr); }
  iterator end() const { return iterator(nullptr); }
  JsonVariantConst operator[](const char *name) const { return JsonVariantConst(node_)[name]; }

 private:
  const cJSON *node_;
};

inline cJSON *newNode(const char *text) { return cJSON_CreateString(text); }
inline cJSON *newNode(std::nullptr_t) { return cJSON_CreateNull(); }
inline cJSON *newNode(JsonVariantConst value) {
  return value.node() ? cJSON_Duplicate(value.node(), true) : cJSON_CreateNull();
}
template <typename T, typename = std::enable_if_t<std::is_arithmetic_v<T>>>
cJSON *newNode(T value) {
  if constexpr (std::is_same_v<T, bool>) return cJSON_CreateBool(value);
  else if constexpr (std::is_same_v<T, float>) {
    char text[32];
    snprintf(text, sizeof text, "%.7g", value);
    return cJSON_CreateNumber(atof(text));
  } else return cJSON_CreateNumber((double)value);
}

/** A place in an object, to be written or read. */
class JsonMember {
 public:
  JsonMember(cJSON *object, const char *name) : object_(object), name_(name) {}
  template <typename T>
  void operator=(const T &value) {
    put(newNode(value));
  }
  void operator=(const JsonMember &other) { put(newNode(JsonVariantConst(other))); }
  template <typename T>
  T to() {
    return T(put(std::is_same_v<T, JsonArray> ? cJSON_CreateArray() : cJSON_CreateObject()));
  }
  operator JsonVariantConst() const { return cJSON_GetObjectItemCaseSensitive(object_, name_); }
  bool isNull() const { return JsonVariantConst(*this).isNull(); }
  template <typename T>
  bool is() const {
    return JsonVariantConst(*this).is<T>();
  }
  template <typename T>
  T as() const {
    return JsonVariantConst(*this).as<T>();
  }

 private:
  cJSON *put(cJSON *node) {
    cJSON_DeleteItemFromObjectCaseSensitive(object_, name_);
    cJSON_AddItemToObject(object_, name_, node);
    return node;
  }
  cJSON *object_;
  const char *name_;
};

class JsonObject {
 public:
  explicit JsonObject(cJSON *node) : node_(node) {}
  JsonMember operator[](const char *name) { return JsonMember(node_, name); }
  void remove(const char *name) { cJSON_DeleteItemFromObjectCaseSensitive(node_, name); }

 private:
  cJSON *node_;
};

class JsonArray {
 public:
  explicit JsonArray(cJSON *node) : node_(node) {}
  template <typename T>
  void add(const T &value) {
    cJSON_AddItemToArray(node_, newNode(value));
  }
  template <typename T>
  T add() {
    cJSON *node = std::is_same_v<T, JsonArray> ? cJSON_CreateArray() : cJSON_CreateObject();
    cJSON_AddItemToArray(node_, node);
    return T(node);
  }

 private:
  cJSON *node_;
};

class JsonDocument {
 public:
  JsonDocument() : node_(cJSON_CreateObject()) {}
  ~JsonDocument() { cJSON_Delete(node_); }
  JsonDocument(const JsonDocument &) = delete;
  JsonDocument &operator=(const JsonDocument &) = delete;
  JsonMember operator[](const char *name) { return JsonMember(node_, name); }
  template <typename T>
  T to() {
    replace(cJSON_CreateObject());
    return T(node_);
  }
  operator JsonVariantConst() const { return node_; }
  void replace(cJSON *node) {
    cJSON_Delete(node_);
    node_ = node;
  }

 private:
  cJSON *node_;
};

/** True when it failed, as ArduinoJson's DeserializationError. */
inline bool deserializeJson(JsonDocument &document, const char *text, size_t length) {
  cJSON *node = cJSON_ParseWithLength(text, length);
  if (node) document.replace(node);
  return node == nullptr;
}

inline size_t serializeJson(JsonVariantConst value, String &text) {
  char *printed = value.node() ? cJSON_PrintUnformatted(value.node()) : nullptr;
  text = printed ? printed : "null";
  free(printed);
  return text.length();
}
