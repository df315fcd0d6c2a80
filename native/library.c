/* libpcap or wpcap.dll at run time: one list of functions, two loaders. */
#include "library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

struct symbol {
  const char *name;
  size_t at; /* in struct library */
  bool is_required;
};

#ifdef _WIN32
#define ON_WINDOWS true
#else
#define ON_WINDOWS false
#endif

#define NEEDED(name) {"pcap_" #name, offsetof(struct library, name), true}
#define WELCOME(name) {"pcap_" #name, offsetof(struct library, name), false}

static const struct symbol SYMBOLS[] = {
    NEEDED(lib_version),
    NEEDED(findalldevs),
    NEEDED(freealldevs),
    NEEDED(create),
    NEEDED(set_snaplen),
    NEEDED(set_promisc),
    NEEDED(set_timeout),
    NEEDED(set_buffer_size),
    NEEDED(activate),
    NEEDED(close),
    NEEDED(geterr),
    NEEDED(statustostr),
    NEEDED(setnonblock),
    NEEDED(dispatch),
    NEEDED(breakloop),
    NEEDED(stats),
    NEEDED(snapshot),
    NEEDED(datalink),
    NEEDED(list_datalinks),
    NEEDED(set_datalink),
    NEEDED(datalink_name_to_val),
    NEEDED(datalink_val_to_name),
    NEEDED(datalink_val_to_description),
    NEEDED(compile),
    NEEDED(setfilter),
    NEEDED(freecode),
    NEEDED(lookupnet),
    WELCOME(open_dead),
    WELCOME(init),
    WELCOME(free_datalinks),
    WELCOME(can_set_rfmon),
    WELCOME(set_rfmon),
    WELCOME(set_immediate_mode),
    WELCOME(set_tstamp_type),
    WELCOME(set_tstamp_precision),
    WELCOME(get_tstamp_precision),
    WELCOME(list_tstamp_types),
    WELCOME(free_tstamp_types),
    WELCOME(tstamp_type_name_to_val),
    WELCOME(tstamp_type_val_to_name),
    WELCOME(setdirection),
    {"pcap_get_selectable_fd", offsetof(struct library, get_selectable_fd), !ON_WINDOWS},
    WELCOME(get_required_select_timeout),
    WELCOME(getevent),
    WELCOME(setmintocopy),
};

/* A place of its own, so that tests can build a program that finds no library. */
#ifndef LIBRARY_NAMES
#ifdef _WIN32
#define LIBRARY_NAMES "wpcap.dll"
#elif defined(__APPLE__)
#define LIBRARY_NAMES "/usr/lib/libpcap.A.dylib", "libpcap.A.dylib", "libpcap.dylib"
#else
#define LIBRARY_NAMES "libpcap.so.1", "libpcap.so.0.8", "libpcap.so"
#endif
#endif

static const char *const NAMES[] = {LIBRARY_NAMES};

#ifdef _WIN32

/* Npcap keeps its libraries in a folder of their own beside System32; the folder of the program is never searched. */
static void *open_library(const char *name)
{
  wchar_t path[MAX_PATH + 64];
  UINT length = GetSystemDirectoryW(path, MAX_PATH);
  if (length == 0 || length >= MAX_PATH) return NULL;
  (void)swprintf(path + length, 64, L"\\Npcap\\%hs", name);
  HMODULE module = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (module != NULL) return module;
  (void)swprintf(path + length, 64, L"\\%hs", name);
  return LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

/* Wine's wpcap.dll exports functions that it lacks; calling one ends the program. */
static bool is_missing_in_wine(const char *name)
{
  static const char *const MISSING[] = {"pcap_getevent", "pcap_open_dead"};
  HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
  if (ntdll == NULL || GetProcAddress(ntdll, "wine_get_version") == NULL) return false;
  for (size_t i = 0; i < sizeof MISSING / sizeof MISSING[0]; i++) {
    if (strcmp(MISSING[i], name) == 0) return true;
  }
  return false;
}

static bool find_symbol(void *handle, const char *name, void *place)
{
  FARPROC found = is_missing_in_wine(name) ? NULL : GetProcAddress(handle, name);
  memcpy(place, &found, sizeof found);
  return found != NULL;
}

static void close_library(void *handle)
{
  (void)FreeLibrary(handle);
}

#else

static void *open_library(const char *name)
{
  return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

static bool find_symbol(void *handle, const char *name, void *place)
{
  void *found = dlsym(handle, name);
  memcpy(place, &found, sizeof found);
  return found != NULL;
}

static void close_library(void *handle)
{
  (void)dlclose(handle);
}

#endif

bool library_load(struct library *library, char error[LIBRARY_ERROR_SIZE])
{
  memset(library, 0, sizeof *library);
  size_t count = sizeof NAMES / sizeof NAMES[0];
  for (size_t i = 0; i < count && library->handle == NULL; i++) library->handle = open_library(NAMES[i]);
  if (library->handle == NULL) {
    (void)snprintf(error, LIBRARY_ERROR_SIZE, "the packet capture library (%s) is not installed", NAMES[count - 1]);
    return false;
  }
  for (size_t i = 0; i < sizeof SYMBOLS / sizeof SYMBOLS[0]; i++) {
    const struct symbol *symbol = &SYMBOLS[i];
    if (!find_symbol(library->handle, symbol->name, (char *)library + symbol->at) && symbol->is_required) {
      (void)snprintf(error, LIBRARY_ERROR_SIZE, "the packet capture library is too old: it lacks %s", symbol->name);
      library_unload(library);
      return false;
    }
  }
  char why[PCAP_ERROR_SIZE] = "";
  if (library->init != NULL && library->init(PCAP_CHAR_ENC_UTF_8, why) != 0) {
    (void)snprintf(error, LIBRARY_ERROR_SIZE, "the packet capture library does not start: %s", why);
    library_unload(library);
    return false;
  }
  return true;
}

void library_unload(struct library *library)
{
  if (library->handle != NULL) close_library(library->handle);
  library->handle = NULL;
}

intptr_t library_wait_handle(const struct library *library, struct pcap *pcap)
{
#ifdef _WIN32
  return library->getevent == NULL ? -1 : (intptr_t)library->getevent(pcap);
#else
  if (library->get_required_select_timeout != NULL && library->get_required_select_timeout(pcap) != NULL) return -1;
  return library->get_selectable_fd(pcap);
#endif
}

int library_link_type(const struct library *library, const char *text)
{
  char *end;
  long number = strtol(text, &end, 10);
  if (*text != '\0' && *end == '\0') return number >= 0 && number <= 0xffff ? (int)number : -1;
  return library->datalink_name_to_val(text);
}
