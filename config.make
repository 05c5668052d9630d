# Read by nginx's configure after `config`: hangs the module onto `make modules`. The build is cmake's, with its own make
# as a part of nginx's: `make -j` counts for both.
cat << END >> "$NGX_MAKEFILE"

modules: ngx_http_mfa_reset_module

.PHONY: ngx_http_mfa_reset_module
ngx_http_mfa_reset_module:
	\$(MAKE) -C $NGX_OBJS/mfa_reset ngx_http_mfa_reset_module

END
