# What `cmake --install` puts where. The paths are below the prefix: with --prefix /usr they are Debian's.
include(GNUInstallDirs)
set(MFA_RESET_MODULES_DIR lib/nginx/modules CACHE PATH "where nginx keeps its modules, see --modules-path in nginx -V")

function(mfa_reset_install module)
    # The module is installed without its debug symbols, as distributions do.
    install(CODE "set(CMAKE_INSTALL_DO_STRIP TRUE)")
    install(TARGETS ${module} LIBRARY DESTINATION ${MFA_RESET_MODULES_DIR})
    install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
    install(FILES README.md CHANGELOG.md LICENSE SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
    install(DIRECTORY conf-examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/conf-examples)
    # The pages for users and for the help desk.
    install(DIRECTORY www/ DESTINATION ${CMAKE_INSTALL_DATADIR}/mfa-reset/www)
    # What services call that count failed answers, and what makes a line of mfa_reset_oaa_user_file.
    install(DIRECTORY scripts/challenge/ DESTINATION ${CMAKE_INSTALL_DATADIR}/mfa-reset/challenge)
    install(PROGRAMS scripts/oaa-user DESTINATION ${CMAKE_INSTALL_BINDIR} RENAME mfa-reset-oaa-user)
    # The bridge to AM's directory: it finds its parts beside itself, behind the link.
    install(PROGRAMS tools/mfa-reset-directory DESTINATION ${CMAKE_INSTALL_DATADIR}/mfa-reset)
    install(DIRECTORY tools/mfa_reset_directory DESTINATION ${CMAKE_INSTALL_DATADIR}/mfa-reset
        FILES_MATCHING PATTERN "*.py")
    install(CODE "file(CREATE_LINK ../share/mfa-reset/mfa-reset-directory
        \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/mfa-reset-directory SYMBOLIC)")
    install(FILES tools/mfa-reset-directory.1 tools/mfa-reset-oaa-user.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endfunction()
