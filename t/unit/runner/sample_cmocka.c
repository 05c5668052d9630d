// Groups of every result that cmocka knows, for the comparison with sample_gtest.cpp: whatever is
// changed here is changed there too. Arguments name the groups to run; none is all of them.
// cmocka.h needs the others before it.
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
// clang-format on

static void passes(void** state) {
    (void)state;
    assert_true(1);
}

static void fails(void** state) {
    (void)state;
    fail();
}

static void fails_in_one_line(void** state) {
    (void)state;
    assert_int_equal(1, 2);
}

static void fails_in_several_lines(void** state) {
    (void)state;
    assert_string_equal("one\n\ntwo", "three");
}

static void skips(void** state) {
    (void)state;
    skip();
}

static int good_fixture(void** state) {
    (void)state;
    return 0;
}

static int bad_fixture(void** state) {
    (void)state;
    assert_int_equal(3, 4);
    return 0;
}

static int wanted(const char* group, int argc, char** argv) {
    if (argc == 1) {
        return 1;
    }
    for (int i = 1; i < argc; ++i) {
        if (strcmp(argv[i], group) == 0) {
            return 1;
        }
    }
    return 0;
}

int main(int argc, char** argv) {
    const struct CMUnitTest good[] = {
        cmocka_unit_test(passes),
        cmocka_unit_test(skips),
    };
    const struct CMUnitTest mixed[] = {
        cmocka_unit_test(passes),
        cmocka_unit_test(fails),
        cmocka_unit_test(skips),
        cmocka_unit_test(fails_in_one_line),
        cmocka_unit_test(fails_in_several_lines),
    };
    int failed = 0;
    if (wanted("Good", argc, argv)) {
        failed += cmocka_run_group_tests_name("Good", good, good_fixture, good_fixture);
    }
    if (wanted("Mixed", argc, argv)) {
        failed += cmocka_run_group_tests_name("Mixed", mixed, NULL, NULL);
    }
    if (wanted("SetupFails", argc, argv)) {
        failed += cmocka_run_group_tests_name("SetupFails", good, bad_fixture, NULL);
    }
    if (wanted("TeardownFails", argc, argv)) {
        failed += cmocka_run_group_tests_name("TeardownFails", good, NULL, bad_fixture);
    }
    return failed;
}
