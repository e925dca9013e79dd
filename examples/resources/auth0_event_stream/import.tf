import {
  to = auth0_event_stream.crm
  id = "est_4Kq7WnXy2bVt9RmHc3PzLd"
}
