# Finds nginx's headers: in the build directory that is given, or in Debian's nginx-dev, whose tree
# is configured once, in our build directory, with the flags that Debian's nginx was built with.
# Debian patches nginx's structs without changing the module signature, so on Debian only nginx-dev fits.
if(NOT MFA_RESET_NGINX_OBJS)
    set(nginx_dev /usr/share/nginx/src)
    if(NOT EXISTS ${nginx_dev}/conf_flags)
        message(FATAL_ERROR "no nginx-dev in ${nginx_dev}: install it (apt-get install nginx-dev), "
                            "or give nginx's build directory: -D MFA_RESET_NGINX_OBJS=…/objs")
    endif()
    set(MFA_RESET_NGINX_SOURCE ${CMAKE_BINARY_DIR}/nginx-dev)
    set(MFA_RESET_NGINX_OBJS ${MFA_RESET_NGINX_SOURCE}/objs)
    if(NOT EXISTS ${MFA_RESET_NGINX_OBJS}/Makefile)
        message(STATUS "Configuring nginx-dev")
        file(MAKE_DIRECTORY ${MFA_RESET_NGINX_SOURCE})
        foreach(part auto configure src)
            file(CREATE_LINK ${nginx_dev}/${part} ${MFA_RESET_NGINX_SOURCE}/${part} SYMBOLIC)
        endforeach()
        execute_process(
            COMMAND bash -c ". ${nginx_dev}/conf_flags && ./configure \"\${NGX_CONF_FLAGS[@]}\""
            WORKING_DIRECTORY ${MFA_RESET_NGINX_SOURCE}
            OUTPUT_FILE ${CMAKE_BINARY_DIR}/nginx-dev/configure.log
            COMMAND_ERROR_IS_FATAL ANY)
    endif()
elseif(NOT MFA_RESET_NGINX_SOURCE)
    set(MFA_RESET_NGINX_SOURCE ${MFA_RESET_NGINX_OBJS}/..)
endif()

# Without a list from nginx's own configure: the directories that nginx's headers are in.
if(NOT MFA_RESET_NGINX_INCLUDES)
    set(MFA_RESET_NGINX_INCLUDES ${MFA_RESET_NGINX_OBJS})
    foreach(dir core event event/modules event/quic os/unix http http/modules http/v2 http/v3)
        list(APPEND MFA_RESET_NGINX_INCLUDES ${MFA_RESET_NGINX_SOURCE}/src/${dir})
    endforeach()
endif()

add_library(nginx_headers INTERFACE)
target_include_directories(nginx_headers SYSTEM INTERFACE ${MFA_RESET_NGINX_INCLUDES})
