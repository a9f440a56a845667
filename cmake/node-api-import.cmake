# Windows: lets an addon import Node-API from whatever program loads it. The import library is made of the list that
# node-api-headers ships, for delayed loading, so that addon/platform/win/delay_load.cc can say which program that is.
function(import_node_api addon)
  find_file(list node_api.def PATHS ${CMAKE_JS_INC} PATH_SUFFIXES ../def NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  if(NOT list)
    message(FATAL_ERROR "There is no node_api.def beside the headers in CMAKE_JS_INC: ${CMAKE_JS_INC}")
  endif()
  target_sources(${addon} PRIVATE addon/platform/win/delay_load.cc)
  if(MSVC)
    set(library ${CMAKE_BINARY_DIR}/node_api.lib)
    execute_process(COMMAND ${CMAKE_AR} /def:${list} /out:${library} ${CMAKE_STATIC_LINKER_FLAGS}
      COMMAND_ERROR_IS_FATAL ANY)
    target_link_libraries(${addon} PRIVATE ${library} delayimp)
    target_link_options(${addon} PRIVATE /DELAYLOAD:node.exe)
  else()
    set(library ${CMAKE_BINARY_DIR}/libnode_api.a)
    execute_process(COMMAND ${CMAKE_DLLTOOL} --input-def ${list} --output-delaylib ${library}
      COMMAND_ERROR_IS_FATAL ANY)
    target_link_libraries(${addon} PRIVATE ${library} delayimp)
    target_link_options(${addon} PRIVATE -static)  # no DLL of the compiler's beside the addon
    # cmake-js defines it, and the headers then say dllimport: gcc would keep a pointer that is not bound yet.
    target_compile_options(${addon} PRIVATE -UBUILDING_NODE_EXTENSION)
  endif()
endfunction()
