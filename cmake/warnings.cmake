# Warnings of our own code; nginx's headers come in as system headers. They are errors only if MFA_RESET_WERROR says so:
# a compiler that is newer than ours may warn of more.
set(mfa_reset_werror $<$<BOOL:${MFA_RESET_WERROR}>:-Werror>)

function(mfa_reset_warnings target)
    target_compile_options(${target} PRIVATE
        # g++ 12 takes a promise's own operator new and delete for a mismatch if it does not inline them.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
        # g++ 12 at -O3 takes the insides of std::string's operator+ for an overlap (GCC's bug 105651).
        $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
        -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wundef ${mfa_reset_werror})
endfunction()
