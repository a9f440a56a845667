// On Windows an addon imports Node-API from "node.exe", by that name. The program may have another one (Electron, a
// renamed node, Bun): the import is resolved on its first use, and this hook says where it is to be found.
#include <windows.h>

#include <delayimp.h>

namespace {

FARPROC WINAPI find_program(unsigned event, PDelayLoadInfo import) {
  if (event != dliNotePreLoadLibrary || ::lstrcmpiA(import->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(::GetModuleHandleW(nullptr));
}

}  // namespace

// Constant in Microsoft's header, variable in others.
extern "C" {
decltype(__pfnDliNotifyHook2) __pfnDliNotifyHook2 = find_program;
}
