# Debian's civetweb ships no .pc file, and its CMake config wants a binary of another package.
find_path(Civetweb_INCLUDE_DIR civetweb.h)
find_library(Civetweb_LIBRARY civetweb)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Civetweb REQUIRED_VARS Civetweb_LIBRARY Civetweb_INCLUDE_DIR)
include(CheckLibraryExists)
# Needed to let go of a client that trickles its body; an export of Debian's build.
check_library_exists(${Civetweb_LIBRARY} mg_disable_keep_alive "" Civetweb_HAS_DISABLE_KEEP_ALIVE)
if(NOT Civetweb_HAS_DISABLE_KEEP_ALIVE)
  message(FATAL_ERROR "This civetweb does not export mg_disable_keep_alive")
endif()
if(NOT TARGET Civetweb::Civetweb)
  add_library(Civetweb::Civetweb UNKNOWN IMPORTED)
  set_target_properties(Civetweb::Civetweb PROPERTIES
    IMPORTED_LOCATION ${Civetweb_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${Civetweb_INCLUDE_DIR})
endif()
