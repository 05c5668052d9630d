// The main of the unit test program: GoogleTest's, or with CMOCKA_MESSAGE_OUTPUT in the environment
// one that a harness made for cmocka takes for cmocka's own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "cmocka_listener.hpp"

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    auto form = unit_runner::cmocka_form(std::getenv("CMOCKA_MESSAGE_OUTPUT"));
    if (form == nullptr) {
        return RUN_ALL_TESTS();
    }
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    const std::unique_ptr<testing::TestEventListener> printer(
        listeners.Release(listeners.default_result_printer()));
    auto cmocka = std::make_unique<unit_runner::CmockaListener>(std::move(form));
    const unit_runner::CmockaListener& result = *cmocka;
    listeners.Append(cmocka.release());  // GoogleTest's from here on, to the end of the process
    const bool passed = RUN_ALL_TESTS() == 0;
    return result.exit_status(passed);
}
