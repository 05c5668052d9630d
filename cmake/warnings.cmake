# Warnings are errors in our own code; nginx's headers come in as system headers.
function(mfa_reset_warnings target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
        -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wundef -Werror)
endfunction()
