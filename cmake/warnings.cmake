# Warnings are errors in our own code; nginx's headers come in as system headers.
function(mfa_reset_warnings target)
    target_compile_options(${target} PRIVATE
        # g++ 12 takes a promise's own operator new and delete for a mismatch where it does not inline them.
        -Wno-mismatched-new-delete
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
        -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wundef -Werror)
endfunction()
