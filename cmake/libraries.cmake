# The libraries that we use. nginx loads every module with RTLD_GLOBAL: a symbol without a version is that of the module
# that was loaded first, with whatever release of the library it brings. So hiredis and zlib, which have none (zlib's
# inflate() is older than its versions), are linked in from their archives, and src/nginx/exports.map hides them.
# jansson has versions (and Debian's archive of it cannot be part of a shared object); OpenSSL is shared with nginx, and
# must be.
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)

# mfa_reset_archive(PACKAGE NAME): the target mfa_reset_PACKAGE, which is NAME.a beside where pkg-config finds PACKAGE.
# -D PACKAGE_ARCHIVE=PATH gives another; its code must be position-independent.
function(mfa_reset_archive package name)
    pkg_check_modules(${package} REQUIRED ${package})
    find_library(${package}_ARCHIVE ${name}.a HINTS ${${package}_LIBDIR} ${${package}_LIBRARY_DIRS})
    if(NOT ${package}_ARCHIVE)
        message(FATAL_ERROR "no ${name}.a in ${${package}_LIBDIR}: the module does not share ${package} with "
                            "other modules. Install the archive, or give its path: -D ${package}_ARCHIVE=…")
    endif()
    add_library(mfa_reset_${package} STATIC IMPORTED)
    set_target_properties(mfa_reset_${package} PROPERTIES
        IMPORTED_LOCATION ${${package}_ARCHIVE} INTERFACE_INCLUDE_DIRECTORIES "${${package}_INCLUDE_DIRS}")
endfunction()

mfa_reset_archive(hiredis libhiredis)
mfa_reset_archive(zlib libz)
