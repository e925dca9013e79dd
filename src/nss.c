/* A program that is linked with glibc statically reads /etc/nsswitch.conf all the same, and loads the
   modules that it names together with the glibc that they belong to. Where that is another version, as
   on most systems, the first name that is looked up crashes the program. The modules that are built in
   are enough: files and DNS. */
#include <nss.h>

__attribute__((constructor)) static void look_up_without_modules(void) {
  __nss_configure_lookup("hosts", "files dns");
  __nss_configure_lookup("passwd", "files");
  __nss_configure_lookup("group", "files");
}
