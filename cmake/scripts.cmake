# Puts every DIR/*.lua into the target as text with its SHA1, which is its name to Redis (EVALSHA).
function(mfa_reset_embed_scripts target dir)
    file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.lua)
    set(header "// Made by cmake/scripts.cmake from ${dir}/*.lua.\n#pragma once\n\n#include \"redis/script.hpp\"\n\n"
               "namespace mfa_reset::store::scripts {\n\n")
    string(CONCAT header ${header})
    foreach(script ${scripts})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${script})
        get_filename_component(name ${script} NAME_WE)
        file(READ ${script} text)
        file(SHA1 ${script} sha1)
        string(APPEND header "inline constexpr redis::Script ${name}{\"${sha1}\", R\"lua(${text})lua\"};\n\n")
    endforeach()
    string(APPEND header "}  // namespace mfa_reset::store::scripts\n")
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/store/scripts.hpp CONTENT "${header}" @ONLY
        ESCAPE_QUOTES)
    target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/generated)
endfunction()
