# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Installing, the .deb and .rpm (cpack), and the tar of the executable (target dist). docs/install.md tells about them.
include(GNUInstallDirs)
option(KETONES_LINKS "Install a link for each tool too: other packages have tools of the same names" OFF)

# Man pages and completions are made by the executable; where it cannot run here, by one that can.
if(CMAKE_CROSSCOMPILING)
	set(KETONES_NATIVE ${PROJECT_SOURCE_DIR}/build/ketones CACHE FILEPATH "A ketones of this source that runs here")
	set(maker ${KETONES_NATIVE})
else()
	set(maker ${PROJECT_BINARY_DIR}/ketones)
endif()
set(share ${PROJECT_BINARY_DIR}/share)
set(links)
if(KETONES_LINKS)
	set(links links)
endif()
set(make_share "sh;${PROJECT_SOURCE_DIR}/cmake/share.sh;${maker};${share};${links}")

install(TARGETS ketones DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(CODE "execute_process(COMMAND ${make_share} COMMAND_ERROR_IS_FATAL ANY)")
install(DIRECTORY ${share}/ DESTINATION ${CMAKE_INSTALL_DATAROOTDIR})
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE.LGPL-2.1 ${PROJECT_SOURCE_DIR}/LICENSE.BSD-2-Clause
	${PROJECT_SOURCE_DIR}/LICENSE.GPL-2.0 DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(KETONES_LINKS)
	install(CODE "file(STRINGS ${share}.names names)
		foreach(name \${names})
			file(CREATE_LINK ketones \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_SBINDIR}/\${name} SYMBOLIC)
		endforeach()")
endif()

if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
	set(architecture arm64)
	set(CPACK_RPM_PACKAGE_ARCHITECTURE aarch64)
else()
	set(architecture amd64)
	set(CPACK_RPM_PACKAGE_ARCHITECTURE x86_64)
endif()
add_custom_target(dist COMMAND sh ${PROJECT_SOURCE_DIR}/cmake/dist.sh ${PROJECT_BINARY_DIR}/ketones ${maker}
	${PROJECT_BINARY_DIR} ketones-${PROJECT_VERSION}-linux-${architecture} ${KETONES_DATE}
	DEPENDS ketones VERBATIM)

set(CPACK_GENERATOR DEB RPM)
set(CPACK_PACKAGE_NAME ketones)
set(CPACK_PACKAGE_VENDOR ketones)
set(CPACK_PACKAGE_CONTACT "the ketones project <ketones@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "small tools that show what the kernel is doing, in one file")
set(CPACK_PACKAGE_DESCRIPTION "One static executable that holds tools to trace processes, files, disks, memory, the
network and more, by BPF. It needs no compiler and no headers. Other packages have tools of the
same names, so there are no links for them: ketones TOOL, or ketones --install.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES OFF)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${architecture})
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE "(LGPL-2.1-only OR BSD-2-Clause) AND (GPL-2.0-only OR BSD-2-Clause)")
set(CPACK_RPM_PACKAGE_AUTOREQPROV " no")
set(CPACK_RPM_SPEC_MORE_DEFINE "%define __strip /bin/true
%define _build_id_links none
%define __brp_mangle_shebangs /bin/true")
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION /usr /usr/sbin /usr/share /usr/share/man /usr/share/man/man8 /usr/share/doc
	/usr/share/bash-completion /usr/share/bash-completion/completions /usr/share/zsh /usr/share/zsh/site-functions
	/usr/share/fish /usr/share/fish/vendor_completions.d)
include(CPack)
