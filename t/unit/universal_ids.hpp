// Universal ids, and whose they are: what reads those of paths and what reads those of sessions
// must agree.
#pragma once

#include <string_view>

namespace mfa_reset::test {

struct UniversalIdCase {
    std::string_view id;
    std::string_view user;  ///< empty: it is no user's
    std::string_view realm;
};

inline constexpr UniversalIdCase kUniversalIds[] = {
    // As AM writes them.
    {"id=demo,ou=user,o=alpha,ou=services,dc=example,dc=com", "demo", "/alpha"},
    {"id=demo,ou=user,o=eu,o=alpha,ou=services,dc=example,dc=com", "demo", "/alpha/eu"},
    {"id=demo,ou=user,o=west,o=eu,o=alpha,ou=services", "demo", "/alpha/eu/west"},
    {"id=amAdmin,ou=user,dc=example,dc=com", "amAdmin", "/"},
    {"id=amAdmin,ou=user,ou=services,o=base", "amAdmin", "/"},
    {"id=demo,ou=user,o=alpha,ou=services,amsdkdn=uid=demo,ou=people,o=beta", "demo", "/alpha"},
    {R"(id=Doe\, John,ou=user,o=alpha,ou=services,dc=x)", "Doe, John", "/alpha"},
    {R"(id=a\+b@example.com,ou=user,o=alpha,ou=services,dc=x)", "a+b@example.com", "/alpha"},
    {"id=a@b.c,ou=user,o=al pha,ou=services,dc=x", "a@b.c", "/al pha"},
    {"id=a/b,ou=user,o=alpha,ou=services,dc=x", "a/b", "/alpha"},
    // Cut short, and in other spellings.
    {"id=demo,ou=user", "demo", "/"},
    {"id=demo,ou=user,", "demo", "/"},
    {"id=demo,ou=user,o=alpha", "demo", "/alpha"},
    {"ID=demo,OU=User,O=alpha,ou=services", "demo", "/alpha"},
    {"id=demo, ou=user, o=alpha, ou=services", "demo", "/alpha"},
    {" id = demo , ou = user , o = alpha , ou=services", "demo", "/alpha"},
    {R"(id=demo,ou=us\65r,o=\61lpha,ou=services)", "demo", "/alpha"},
    // Escapes.
    {R"(id=a\,b,ou=user,o=x\,y)", "a,b", "/x,y"},
    {R"(id=a\2Cb\\c,ou=user)", R"(a,b\c)", "/"},
    {R"(id=a\2cb,ou=user)", "a,b", "/"},
    {R"(id=a\\2Cb,ou=user)", R"(a\2Cb)", "/"},
    {R"(id=a\\\2Cb,ou=user)", R"(a\,b)", "/"},
    {R"(id=a\"\;\<\>\#\=\ ,ou=user)", R"(a";<>#= )", "/"},
    {R"(id=\ a\20,ou=user)", " a ", "/"},
    {R"(id=J\C3\B6rg,ou=user)", "J\xC3\xB6rg", "/"},
    {"id=a=b,ou=user", "a=b", "/"},
    {R"(id=demo\,ou\=user\,o\=alpha,ou=user,o=beta)", "demo,ou=user,o=alpha", "/beta"},
    {R"(id=a%41.*,ou=user,o=%a+)", "", ""},
    {R"(id=a%41.*,ou=user,o=%a\+)", "a%41.*", "/%a+"},
    // Of other kinds.
    {"id=demo,ou=agent,o=alpha,ou=services,dc=example,dc=com", "", ""},
    {"id=demo,ou=agentonly,o=alpha,ou=services", "", ""},
    {"id=demo,ou=group,o=alpha,ou=services", "", ""},
    {"id=demo,ou=users,o=alpha,ou=services", "", ""},
    {"id=demo,ou=use,o=alpha,ou=services", "", ""},
    {"id=demo,ou=agent,ou=user,o=alpha,ou=services", "", ""},
    {R"(id=demo,ou=user\,ou=user,o=alpha,ou=services)", "", ""},
    {R"(id=demo\,ou=user,o=alpha,ou=services)", "", ""},
    {"id=demo,o=alpha,ou=user", "", ""},
    {"uid=demo,ou=user,o=alpha,ou=services", "", ""},
    {"cn=x,id=demo,ou=user,o=alpha,ou=services", "", ""},
    // Of several values, malformed, or with no name.
    {"id=demo+cn=x,ou=user,o=alpha,ou=services", "", ""},
    {"cn=x+id=demo,ou=user,o=alpha,ou=services", "", ""},
    {"id=demo,ou=user+ou=agent,o=alpha,ou=services", "", ""},
    {"id=demo,ou=user,o=alpha+o=beta,ou=services", "", ""},
    {"id=demo;ou=user,ou=user,o=alpha,ou=services", "", ""},
    {R"(id="demo",ou=user,o=alpha,ou=services)", "", ""},
    {R"(id=demo,ou=user,o="alpha",ou=services)", "", ""},
    {"id=,ou=user,o=alpha", "", ""},
    {"id= ,ou=user,o=alpha", "", ""},
    {"id=demo,ou=user,o=", "", ""},
    {"id=demo,ou=user,o= ,ou=services", "", ""},
    {"id=demo,ou=user,o=,o=alpha", "", ""},
    {"id=demo,ou=user,,o=alpha", "", ""},
    {"id=demo,ou=user,alpha", "", ""},
    {"id=demo,ou=user,o=a/b", "", ""},
    {R"(id=demo,ou=user,o=alpha\2Feu)", "", ""},
    {R"(id=demo\00,ou=user,o=alpha)", "", ""},
    {R"(id=demo,ou=user,o=alpha\00)", "", ""},
    {R"(id=demo,ou=user,o=alpha\)", "", ""},
    {R"(id=demo\)", "", ""},
    {"id=demo\tou=user,o=alpha", "", ""},
    {"id=demo", "", ""},
    {"demo", "", ""},
    {",", "", ""},
    {"=", "", ""},
};

}  // namespace mfa_reset::test
